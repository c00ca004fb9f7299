/**
 * The digital platforms, and the waves each was a partner in. Ruangguru (Skill Academy) left as a platform after
 * wave 3 and stayed a training provider: https://www.kompas.com/tren/read/2020/09/04/191500465/
 */
const everyWave = { first: 1, last: Number.MAX_SAFE_INTEGER }
const platforms: Readonly<Record<string, { readonly first: number; readonly last: number }>> = {
  tokopedia: everyWave,
  bukalapak: everyWave,
  'pijar-mahir': everyWave,
  pintaria: everyWave,
  'mau-belajar-apa': everyWave,
  'sekolah-mu': everyWave,
  sisnaker: everyWave,
  ruangguru: { first: 1, last: 3 },
}

export const isPlatform = (name: string): boolean => Object.hasOwn(platforms, name)

/** Whether a platform was a partner in that wave: only then do its certificates count. A name of no platform never was. */
export function wasPartnerIn(platform: string, wave: number): boolean {
  const waves = isPlatform(platform) ? platforms[platform] : undefined
  return waves !== undefined && wave >= waves.first && wave <= waves.last
}
