// Preloaded into a worker: at SIGUSR2, its wall clock jumps by CHAOS_CLOCK_JUMP_MS. Node's monotonic clock stays.
const RealDate = Date;
let jumpMs = 0;
process.on('SIGUSR2', () => {
  jumpMs = Number(process.env.CHAOS_CLOCK_JUMP_MS);
});
globalThis.Date = class MovedDate extends RealDate {
  constructor(...given) {
    if (given.length === 0) super(MovedDate.now());
    else super(...given);
  }
  static now() {
    return RealDate.now() + jumpMs;
  }
};
