/** Who may do what. A person is a name that the caller cannot choose; one person is one person whatever the role. */

export const roles = ['viewer', 'operator', 'approver'] as const
export type Role = (typeof roles)[number]

/** Whoever is calling. Without a name (a session that nobody vouches for) only reading is allowed. */
export type Caller = { readonly role: Role; readonly name?: string }

/** A caller that has a name. */
export type Person = { readonly role: Role; readonly name: string }

/** Whether `caller` may use a route that needs `role`: everybody may read, and operating and approving exclude each other. */
export const permits = (caller: Caller, role: Role): boolean =>
  role === 'viewer' || (caller.name !== undefined && caller.role === role)
