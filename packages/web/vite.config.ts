import { fileURLToPath } from 'node:url';
import ui from '@nuxt/ui/vite';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

/**
 * Few files on the way to the first picture: each costs a request, and a browser asks for six at a time. `early` is what
 * opens the socket of a link that enters at once; `app` is the rest of the first view; `meeting` what the call shows at
 * once. Menus, panels and dialogs stay in files of their own and come later.
 */
const CHUNKS = [
  {
    name: 'early',
    test: /protocol\/src\/(slug|version|errors|limits)\.ts$|web\/src\/(early|call\/(early|ticket|socket|marks|failure)|composables\/(entry|call-actions))\.ts$|preload-helper/,
    priority: 3,
    includeDependenciesRecursively: false,
  },
  { name: 'app', tags: ['$initial' as const], priority: 2 },
  {
    name: 'meeting',
    test: /web\/src\/(pages\/MeetingPage|components\/(call\/(CallView|Room|Connecting|Banners|Toasts|MeetingLabel)|controls\/Control|stage|tile)|composables)/,
    priority: 1,
    includeDependenciesRecursively: false,
  },
];

/**
 * `vite build --mode gallery` builds the gallery of states (gallery.html) into node_modules/.cache/gallery; the product
 * never has it.
 */
export default defineConfig(({ mode }) => {
  const gallery = mode === 'gallery';
  return {
    root: fileURLToPath(new URL('.', import.meta.url)),
    plugins: [
      vue(),
      ui({
        // Components are imported by name where they are used; nothing is generated into the source tree.
        dts: false,
        autoImport: false,
        // The page is never styled by script: colours are in styles/theme.css, the theme class is set by use-theme.ts.
        colorMode: false,
        // A missing icon must fail the build, for at run time nothing may be fetched from another origin.
        icon: { clientBundle: { scan: { globInclude: ['src/**/*.{vue,ts}'] }, sizeLimitKb: 64 } },
        experimental: { componentDetection: true },
        ui: {
          colors: { primary: 'teal', neutral: 'stone' },
          modal: { variants: { overlay: { true: { overlay: 'bg-black/55' } } } },
        },
        theme: { colors: ['primary', 'success', 'warning', 'error'] },
      }),
    ],
    resolve: {
      // Icons come from the bundle only; the module that would fetch missing ones is not even built in.
      alias: [
        { find: /^@iconify\/vue$/, replacement: fileURLToPath(new URL('src/icons.ts', import.meta.url)) },
        // Without the message compiler: see src/i18n/compile.ts.
        { find: /^vue-i18n$/, replacement: 'vue-i18n/dist/vue-i18n.runtime.mjs' },
      ],
    },
    define: {
      __VUE_OPTIONS_API__: 'true',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_I18N_FULL_INSTALL__: 'false',
      __VUE_I18N_LEGACY_API__: 'false',
      __INTLIFY_PROD_DEVTOOLS__: 'false',
      __INTLIFY_DROP_MESSAGE_COMPILER__: 'true',
    },
    server: {
      port: 5173,
      proxy: {
        '/api': 'http://localhost:3000',
        '/signalling': { target: 'ws://localhost:3000', ws: true },
      },
    },
    build: {
      target: 'es2022',
      outDir: gallery ? 'node_modules/.cache/gallery' : 'dist',
      emptyOutDir: true,
      manifest: true,
      modulePreload: { polyfill: false },
      // Inlined files would be data: addresses, which the content security policy refuses for styles and fonts.
      assetsInlineLimit: 0,
      reportCompressedSize: true,
      rollupOptions: {
        input: (gallery ? ['gallery.html'] : ['index.html', 'src/early.ts']).map((path) =>
          fileURLToPath(new URL(path, import.meta.url)),
        ),
        output: gallery ? {} : { codeSplitting: { groups: CHUNKS } },
      },
    },
  };
});
