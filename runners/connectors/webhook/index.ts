export { type AbsturzOptions, absturzSink, type ErrorReport } from './absturz.ts'
export { type SignedWebhookOptions, signatureOf, signedWebhookSink } from './signed.ts'
