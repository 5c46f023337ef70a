// Puppeteer's install script reads this file, here and in the installed package. Without it the script downloads a
// browser, and where the download is blocked the whole install fails. `npm run setup` and `doctor` see to the browser.
// The script looks from its own folder upwards, so a user's install finds this file only because package.json bundles
// Puppeteer (bundleDependencies): that puts Puppeteer inside our package's folder.
module.exports = { skipDownload: true };
