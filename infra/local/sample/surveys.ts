import { type Certificate, type Publication, surveyCompleted } from './envelope.ts'
import type { SurveyOddity } from './oddities.ts'
import { day, hour, momentBetween, nextRun, surveysClose, thirdSurveyOpens } from './programme.ts'
import type { Random } from './random.ts'

/** How many surveys a participant fills in; the second asks for the first, the third for both. */
function filled(oddity: SurveyOddity | undefined): number {
  if (oddity === 'no-survey') return 0
  if (oddity === 'first-survey-only') return 1
  return oddity === 'first-two-surveys' ? 2 : 3
}

/**
 * The surveys filled in: the first within three weeks of the certificate, the second three weeks to two months
 * later, the third from 17 November, all until 15 December. Only those two days are published facts.
 */
export function fillSurveys(
  certificate: Certificate,
  oddity: SurveyOddity | undefined,
  random: Random,
): Publication[] {
  const { participantId, issuedAt } = certificate
  /** In the window; a window that reaches past the last day is drawn from the days that are left. */
  const between = (previous: number, from: number, to: number) => {
    const quarterLeft = previous + Math.floor((surveysClose - previous) / (4 * hour)) * hour
    return momentBetween(Math.min(from, quarterLeft), Math.min(to, surveysClose), random)
  }
  const early = oddity === 'survey-before-certificate'
  const first = early
    ? between(issuedAt, issuedAt + hour, issuedAt + 20 * hour)
    : between(issuedAt, issuedAt + day, issuedAt + 21 * day)
  const second = between(first, first + 20 * day, first + 60 * day)
  const opened = Math.max(second, thirdSurveyOpens)
  const third = between(opened, opened + hour, opened + 20 * day)
  return [first, second, third]
    .slice(0, filled(oddity))
    .map((completedAt, index) =>
      surveyCompleted(
        { participantId, survey: index + 1, completedAt },
        { id: random.uuid(), publishedAt: nextRun(completedAt) },
      ),
    )
}
