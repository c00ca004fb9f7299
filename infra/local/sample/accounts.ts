import type { Partner } from './programme.ts'
import type { Random } from './random.ts'

/** Common given and family names, put together by chance: no such person is meant. */
const givenNames = `
  Adi Agus Andini Anisa Arif Ayu Bagus Bambang Budi Cahya Citra Dedi Dewi Dian Eka Endang Fajar Fitri
  Galih Hendra Ika Indah Intan Joko Kartika Lestari Maya Mega Muhammad Nia Nur'aini Nurul Putri Rahmat
  Ratna Rina Rizky Sari Siti Slamet Sri Taufik Tri Wahyu Wulan Yanti Yoga Yuni Yusuf Zahra`
  .trim()
  .split(/\s+/)
const familyNames = `
  Amalia Anggraini Ardiansyah Astuti Firmansyah Ginting Hakim Halim Handayani Hasibuan Hidayat
  Iskandar Kurniawan Kusuma Lubis Ma'ruf Maulana Nasution Nugroho Pangestu Permata Prasetyo Pratama
  Purnama Rahayu Ramadhan Safitri Santoso Saputra Setiawan Siregar Simanjuntak Suryani Susanto Utami
  Wibowo Widodo Wijaya Wulandari Yulianti`
  .trim()
  .split(/\s+/)

/** A full name of one to three words. One word is a whole name in Indonesia. */
export function inventName(random: Random): string {
  const words = [random.pick(givenNames)]
  if (random.chance(0.25)) words.push(random.pick(givenNames))
  if (random.chance(0.93)) words.push(random.pick(familyNames))
  return words.join(' ')
}

/** The name as typed when linking: many write capitals only. */
export const typedName = (name: string, random: Random): string =>
  random.chance(0.3) ? name.toUpperCase() : name

export type AccountNumbers = {
  /** An account like any other: never one that tells the simulator how to behave. */
  ordinary(partner: Partner, random: Random): string
  /** An account that makes the simulated partner behave: 999 (bank) or 0899 (wallet), then the two digits. */
  behaving(partner: Partner, digits: string, random: Random): string
  /** Every second call repeats the account of the call before it, spelled in another way. */
  shared(): { partner: Partner; accountNumber: string }
}

const bankPrefixes = '01 02 03 04 05 06 07 08 11 12'.split(' ')
const phonePrefixes = '811 812 813 821 822 852 853 856 857 858 877 878 895 896'.split(' ')

/** A phone number the way people type it. */
function spelled(number: string, random: Random): string {
  return `${random.weighted({ '0': 70, '62': 15, '+62': 15 })}${number}`
}

/** Numbers that never repeat, except where two participants are meant to share one. */
export function createAccountNumbers(): AccountNumbers {
  let accounts = 0
  let waiting: string | undefined

  /** Seven digits without pattern, each once in ten million; the last five, each once in a hundred thousand. */
  function subscriber(): string {
    accounts += 1
    return String((accounts * 7_654_327) % 10_000_000).padStart(7, '0')
  }

  return {
    ordinary: (partner, random) =>
      partner === 'bni'
        ? `${random.pick(bankPrefixes)}${subscriber()}${random.between(0, 9)}`
        : spelled(`${random.pick(phonePrefixes)}${subscriber()}${random.pick(['', '4'])}`, random),
    behaving: (partner, digits, random) =>
      partner === 'bni'
        ? `999${digits}${subscriber().slice(-5)}`
        : spelled(`899${digits}${subscriber()}`, random),
    shared() {
      const number = waiting ?? `812${subscriber()}6`
      const spelling = waiting ? '+62' : '0'
      waiting = waiting ? undefined : number
      return { partner: 'gopay', accountNumber: `${spelling}${number}` }
    },
  }
}
