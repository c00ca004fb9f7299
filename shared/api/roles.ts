/** Who may do what. A person is a name that the caller cannot choose; one person is one person whatever the role. */

/** `finance` is the one that reads the books; the others are the operators'. */
export const roles = ['viewer', 'operator', 'approver', 'finance'] as const
export type Role = (typeof roles)[number]

/** Whoever is calling. Without a name (a session that nobody vouches for) only reading is allowed. */
export type Caller = { readonly role: Role; readonly name?: string }

/** A caller that has a name. */
export type Person = { readonly role: Role; readonly name: string }

/** Whether `caller` may use a route that needs `role`: what takes no more than `viewer` is for everybody, and the other
 *  roles exclude each other. */
export const permits = (caller: Caller, role: Role): boolean =>
  role === 'viewer' || (caller.name !== undefined && caller.role === role)
