import { defineConfig } from "vitest/config";

// JSX is esbuild's work, as tsconfig.json says. Nothing may be inlined, since the pages' security
// policy forbids inline scripts and styles.
export default defineConfig({
  base: "/web/",
  esbuild: { legalComments: "none" },
  build: {
    outDir: "target/classes/sallyport-web",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1024,
    target: "es2022",
    rollupOptions: {
      // Directives of libraries for servers that render; there is none here.
      onwarn: (warning, warn) => {
        if (warning.code !== "MODULE_LEVEL_DIRECTIVE") warn(warning);
      },
    },
  },
  test: { include: ["src/**/*.test.ts"], environment: "node" },
});
