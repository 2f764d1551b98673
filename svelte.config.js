import adapter from '@sveltejs/adapter-node';
import { preloadShelf } from './scripts/preload-shelf.js';
import { contentStamp } from './scripts/stamp.js';

/** @type {import('@sveltejs/kit').Config} */
export default {
  kit: {
    adapter: preloadShelf(adapter({ out: 'build', precompress: true })),
    // One prerendered shell answers every path, so its own links must not depend on where it was opened.
    paths: { relative: false },
    serviceWorker: { register: false },
    // The same content is the same version: nobody is asked to reload for a build that changed nothing.
    version: { name: contentStamp().slice(0, 16) },
    csp: {
      mode: 'hash',
      directives: {
        'default-src': ['self'],
        'script-src': ['self'],
        'style-src': ['self'],
        'style-src-attr': ['unsafe-inline'],
        'img-src': ['self', 'blob:', 'data:'],
        'connect-src': ['self'],
        'worker-src': ['self'],
        'manifest-src': ['self'],
        'object-src': ['none'],
        'base-uri': ['none'],
        'form-action': ['self'],
        // Kit's own error pages come with this policy in place of the hub's header; in the shell's meta tag Kit leaves it out.
        'frame-ancestors': ['none']
      }
    },
    typescript: {
      config(config) {
        config.include = [
          ...config.include,
          '../scripts/**/*.ts',
          '../tests/**/*.ts',
          '../*.config.ts',
          '../*.config.js'
        ];
        return config;
      }
    }
  }
};
