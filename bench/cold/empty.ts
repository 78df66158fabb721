/** A function that does nothing: what every cold start costs. */
export const handler = async (): Promise<string> => 'nothing';
