/**
 * Stands for the SDK's whole chain of credential providers in a function's bundle: Lambda gives a function its role's
 * credentials in the environment, and a function should have no others.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env'
