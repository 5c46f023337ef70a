// The browser is chosen by `npm run setup` (see worker/setup), never downloaded while npm installs:
// a blocked download would make the whole install fail.
module.exports = { skipDownload: true };
