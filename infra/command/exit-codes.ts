/** How a command of the operators ends. */
export const exitCodes = {
  /** At least in part, be it by an earlier command. */
  done: 0,
  /** Refused by the rules, all of it, or it failed. */
  refused: 1,
  /** The command is wrong: nothing was sent. */
  mistaken: 2,
  /** Proposed: it waits for a second person. */
  waiting: 3,
  /** It was done, and shows that books differ. */
  broken: 4,
} as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]
