import * as z from 'zod'
import { schemeNamed, schemes } from '../shared/domain/scheme.ts'

/** The variable SCHEME: the scheme that the stage pays under, by its name. */
export const schemeVariable = z.enum(schemes.map(({ name }) => name)).transform(schemeNamed)
