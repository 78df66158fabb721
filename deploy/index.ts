/** What serverless.yml names under `plugins`, once it is built: `npm run prepare` makes deploy/dist/plugin.js of it. */
export { HuaweiPlugin as default } from './plugin.ts';
