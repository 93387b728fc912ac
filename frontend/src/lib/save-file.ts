interface SavedFile {
  blob: Blob;
  name: string;
}

/** Hands bytes to the browser as a download. */
export function saveFile({ blob, name }: SavedFile): void {
  const address = URL.createObjectURL(blob);
  saveAddress(address, name);
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}

/** Has the browser download an address; of another host, that server names the file. */
export function saveAddress(address: string, name = ""): void {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}

/** Cloud storage gives a file to the browser itself, as large as it is; without one, `download`. */
export async function saveLinked(
  link: Promise<{ url: string | null }>,
  download: () => Promise<SavedFile>,
): Promise<void> {
  const { url } = await link;
  if (url) saveAddress(url);
  else saveFile(await download());
}
