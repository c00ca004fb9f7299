/**
 * Whether a spreadsheet that opens a file might calculate this text instead of showing it, by the signs and white space
 * that a formula may begin with, wide signs among them. https://owasp.org/www-community/attacks/CSV_Injection
 */
export const readsAsFormula = (text: string): boolean => /^(?:[\t\r\n]|\s*[=+\-@＝＋－＠])/.test(text)
