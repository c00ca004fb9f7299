import type { Remark, StatementMapping } from './mapping.ts'

/**
 * How each partner writes its statement. No partner has published its file: these are chosen after what Indonesian
 * banks and wallets commonly export, to be put right at onboarding. Another partner is another entry.
 */

/** An attempt's reference among other words; see the domain's references. */
const reference = /(?<![A-Za-z0-9-])([A-Z0-9-]{1,30}-[IS][1-9]-A[1-9]\d?)(?![A-Za-z0-9-])/

/** BNI puts the remark of a transfer among words of its own; of a funding it names the document. */
const bankRemark: Remark = {
  ours: [reference, /\bNO\. DOK ([A-Za-z0-9/._-]{3,64})(?=\s|$)/],
  fee: /^BIAYA\b/,
}

export const statementMappings = {
  bni: {
    remark: bankRemark,
    csv: {
      delimiter: ';',
      quote: '"',
      day: { column: 'Tanggal Buku', form: 'dd/MM/yyyy' },
      amount: {
        layout: 'separate',
        debit: 'Debet',
        credit: 'Kredit',
        form: { thousands: '.', decimal: ',' },
      },
      fee: { column: 'Uraian Transaksi', pattern: bankRemark.fee },
      ours: bankRemark.ours.map((pattern) => ({ column: 'Uraian Transaksi', pattern })),
      theirs: { column: 'No. Referensi' },
      trailer: { mark: 'TOTAL', lines: 1, debits: 4, credits: 5 },
    },
  },
  gopay: {
    csv: {
      delimiter: ',',
      quote: '"',
      day: { column: 'created_at', form: 'instant' },
      amount: {
        layout: 'words',
        amount: 'amount',
        direction: 'type',
        words: { payout: 'debit', refund: 'credit', topup: 'credit', withdrawal: 'debit', fee: 'fee' },
        form: { decimal: '.' },
      },
      // Of a payout's statuses these alone are decided; queued, approved and processed are not.
      // https://docs.midtrans.com/reference/notification-payload, https://docs.midtrans.com/reference/get-payout-details
      status: { column: 'status', booked: ['completed'], notBooked: ['failed', 'rejected'] },
      ours: [{ column: 'partner_reference_no' }],
      theirs: { column: 'reference_no' },
    },
  },
  linkaja: {
    csv: {
      delimiter: '|',
      quote: null,
      day: { column: 'Transaction Date', form: 'dd-MM-yyyy' },
      amount: { layout: 'signed', amount: 'Amount', form: { thousands: ',', decimal: '.' } },
      fee: { column: 'Transaction Type', pattern: /^FEE$/ },
      ours: [{ column: 'Merchant Trx ID' }],
      theirs: { column: 'LinkAja Ref ID' },
      trailer: { mark: 'TRAILER', lines: 1 },
    },
  },
  ovo: {
    csv: {
      delimiter: ',',
      quote: '"',
      day: { column: 'TRX_DATE', form: 'yyyyMMdd' },
      amount: {
        layout: 'words',
        amount: 'NOMINAL',
        direction: 'DB/CR',
        words: { DB: 'debit', CR: 'credit', FEE: 'fee' },
        form: { thousands: '.', decimal: ',', currency: 'Rp ' },
      },
      ours: [{ column: 'NOTES', pattern: /^PRAKERJA\/(.+)$/ }],
      theirs: { column: 'OVO_REF' },
    },
  },
} as const satisfies Record<string, StatementMapping>

/** How a partner writes its statement; `undefined` for a partner that nobody has described. */
export function mappingOf(partner: string): StatementMapping | undefined {
  const mappings: Readonly<Record<string, StatementMapping>> = statementMappings
  return Object.hasOwn(mappings, partner) ? mappings[partner] : undefined
}
