/** esbuild gathers imported style sheets into `dist/panel.css`. */
declare module '*.css';
