/**
 * Ends the reading of a file from wherever in its layers the fault shows; `readStatement` makes an `Ending` of it.
 * Nothing outside this folder meets it.
 */
export class Refused extends Error {}
