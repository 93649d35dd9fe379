/** Why the set-up cannot go on, and what the person can do about it: printed as one line each, no stack. */
export class SetupProblem extends Error {
  /**
   * @param {string} what what is wrong, one sentence
   * @param {string} fix what to do, one line; a command where there is one
   */
  constructor(what, fix) {
    super(what);
    this.name = 'SetupProblem';
    this.fix = fix;
  }
}
