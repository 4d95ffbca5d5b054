"""What the peers in PyTorch share: torchvision's eval transform over a folder's JPEGs, and which PyTorch it is."""
import pathlib

import torch
import torch.utils.data
from PIL import Image
from torchvision import transforms


class Files(torch.utils.data.Dataset):
    """The folder's JPEGs in ordinal order, repeated until there are count."""

    transform = transforms.Compose([
        transforms.Resize(256),
        transforms.CenterCrop(224),
        transforms.ToTensor(),
        transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]),
    ])

    def __init__(self, folder, count=None):
        files = sorted(path for path in pathlib.Path(folder).rglob("*") if path.suffix.lower() in (".jpg", ".jpeg"))
        self.files = [files[i % len(files)] for i in range(count or len(files))]

    def __len__(self):
        return len(self.files)

    def __getitem__(self, index):
        with Image.open(self.files[index]) as image:
            return self.transform(image.convert("RGB"))


def library():
    return f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads"
