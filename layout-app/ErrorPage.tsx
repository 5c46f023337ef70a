/** What is shown instead of the call; the worker reads the text of `div.error`. */
export function ErrorPage({ message }: { readonly message: string }) {
  return <div className="error">{message}</div>;
}
