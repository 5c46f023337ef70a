declare module 'virtual:kernel' {
  /** The compiled kernel in base64. */
  const code: string;
  export default code;
}
