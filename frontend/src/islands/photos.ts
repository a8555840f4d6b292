// Photos chosen on a phone: shown before sending, and made smaller so that they travel on a weak signal.

const LONGEST_SIDE = 1600; // pixels
const QUALITY = 0.85;

async function smaller(file: File): Promise<File> {
  if (!/^image\/(jpeg|png|webp)$/.test(file.type)) return file;
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d")?.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  if (!blob) return file;
  // Drawn anew even when not smaller: a drawing carries no place or device of the camera.
  return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
}

async function prepare(input: HTMLInputElement): Promise<void> {
  const chosen = [...(input.files ?? [])];
  const ready = await Promise.all(chosen.map((file) => smaller(file).catch(() => file)));
  const transfer = new DataTransfer();
  for (const file of ready) transfer.items.add(file);
  input.files = transfer.files;
  show(input, ready);
}

function show(input: HTMLInputElement, files: File[]): void {
  const frame = input.closest("[data-photos]") ?? input.parentElement;
  if (!frame) return;
  let list = frame.querySelector<HTMLUListElement>(".photo-previews");
  if (!list) {
    list = document.createElement("ul");
    list.className = "photo-previews";
    frame.append(list);
  }
  list.replaceChildren(
    ...files.map((file) => {
      const item = document.createElement("li");
      const image = document.createElement("img");
      image.src = URL.createObjectURL(file);
      image.alt = file.name;
      image.onload = () => URL.revokeObjectURL(image.src);
      item.append(image);
      return item;
    }),
  );
}

export function startPhotos(root: Document = document): void {
  root.addEventListener("change", (event) => {
    const input = event.target;
    if (input instanceof HTMLInputElement && input.type === "file" && input.closest("[data-photos]")) {
      void prepare(input);
    }
  });
}
