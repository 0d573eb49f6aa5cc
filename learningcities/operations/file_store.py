"""The photos and documents of all archives, each once: in a folder beside them, by the checksum of what they hold."""

import hashlib
import hmac
import os
import re
import shutil
from contextlib import closing

from .encryption import SALT, Decrypting, Encrypting, encrypted_size, subkey

FORM = re.compile(r"[0-9a-f]{64}(\.enc)?")


class FileStore:
    """With a key all is encrypted, and the names don't tell who has the same file."""

    def __init__(self, folder, key=""):
        self.folder, self.key = folder, key

    def salt(self):
        """Made once for the folder, so that the key is derived once; each file repeats it."""
        path = self.folder / "salt"
        self.folder.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_bytes(os.urandom(SALT))
        return path.read_bytes()

    def put(self, file, now):
        """Keep what is in a file, unless it is kept already; how large it is, its checksum, and its name here.

        Its time is that of the last archive that needs it, in seconds: see `prune`.
        """
        size, digest = measured(file)
        name = digest
        if self.key:
            names = subkey(self.key, self.salt(), b"names of files")
            name = hmac.new(names, digest.encode(), hashlib.sha256).hexdigest() + ".enc"
        path = self.path(name)
        if not path.is_file() or path.stat().st_size != (encrypted_size(size) if self.key else size):
            self.write(path, file)
            os.utime(path, (now, now))
        elif path.stat().st_mtime < now:
            os.utime(path, (now, now))
        return {"size": size, "sha256": digest, "stored": name}

    def write(self, path, file):
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".unfinished")
        file.seek(0)
        with unfinished.open("wb") as stored:
            unfinished.chmod(0o600)
            if self.key:
                with closing(Encrypting(stored, self.key, self.salt())) as encrypting:
                    shutil.copyfileobj(file, encrypting)
            else:
                shutil.copyfileobj(file, stored)
            stored.flush()
            os.fsync(stored.fileno())
        unfinished.rename(path)

    def path(self, name):
        return self.folder / name[:2] / name

    def has(self, said):
        """Whether a file is here, and is what it was."""
        if not FORM.fullmatch(said["stored"]) or not (path := self.path(said["stored"])).is_file():
            return False
        with path.open("rb") as stored:
            return measured(self.opened(path.name, stored)) == (said["size"], said["sha256"])

    def opened(self, name, stored):
        return Decrypting(stored, self.key) if name.endswith(".enc") else stored

    def prune(self, before):
        """Forget what no archive since a moment has needed."""
        for path in self.folder.glob("??/*"):
            if path.stat().st_mtime < before:
                path.unlink()


def measured(file):
    """The size and the checksum of what is in a file."""
    digest, size = hashlib.sha256(), 0
    while piece := file.read(2**20):
        digest.update(piece)
        size += len(piece)
    return size, digest.hexdigest()
