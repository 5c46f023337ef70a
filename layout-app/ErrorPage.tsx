/** The page that is shown instead of the call. The worker reads the text of its `div.error`. */
export function ErrorPage({ message }: { readonly message: string }) {
  return <div className="error">{message}</div>;
}
