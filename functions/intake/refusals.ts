/**
 * Why intake quarantines an event, in the order in which the reasons win, and what to do about it. Quarantined
 * events are kept whole and acknowledged; nothing of them takes effect.
 */
export const refusalReasons = {
  malformed: 'Not JSON, not an event, or a field is missing or has the wrong form: the publisher repairs it.',
  unknown_event_type: 'No such detail-type: the publisher is ahead of us, or has a typing error.',
  unknown_platform: 'The platform is none of ours: onboard it or tell the publisher.',
  wrong_publisher:
    'Source, AWS account and platform do not belong together: treat as forged until explained.',
  unknown_wave:
    'The scheme that is paid here does not cover this wave: mend the wave, or resubmit where it is paid.',
  platform_not_partner_in_wave: 'The platform was not a partner in this wave.',
  unknown_partner: 'The payment partner is none of ours.',
  invalid_account_number: 'Not an account number the partner could have issued.',
  outside_scheme: 'Issued outside the days the scheme pays for, or linked after its last day for links.',
  issued_in_future: 'Its own time lies ahead of ours by more than five minutes: check the publisher’s clock.',
  certificate_conflict: 'The certificate id is known with other content.',
  survey_conflict: 'The survey is known as completed at another time.',
  wave_conflict: 'The participant is entitled under another wave.',
} as const
export type RefusalReason = keyof typeof refusalReasons

/** An event refused; `detail` names fields and expectations, never values. */
export type IntakeRefusal = { readonly reason: RefusalReason; readonly detail: string }

export const refuse = (reason: RefusalReason, detail: string = refusalReasons[reason]): IntakeRefusal => ({
  reason,
  detail,
})
