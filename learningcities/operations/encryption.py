"""Files that only who has the key can read: encrypted in pieces, so that the largest takes little memory.

    header   MAGIC, the salt of the key (16 bytes), a random number of the file (16 bytes)
    pieces   AES-256-GCM of 1 MiB each, the last one shorter; each bound to the header, its place and the end

So a piece that is altered, missing, moved or of another file is refused. The key comes from a text, by scrypt.
"""

import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

MAGIC = b"learningcities encrypted 1\n"
PIECE, TAG, SALT = 2**20, 16, 16
HEADER = len(MAGIC) + 2 * SALT


class DecryptionError(Exception):
    """A sentence for the operator."""


@lru_cache(maxsize=8)
def derived(text, salt):
    """The key of all files that have one salt: 32 MB and a tenth of a second, once."""
    return Scrypt(salt=salt, length=32, n=2**15, r=8, p=1).derive(text.encode())


def subkey(text, salt, purpose):
    return HKDF(SHA256(), length=32, salt=None, info=purpose).derive(derived(text, salt))


def nonce(number, is_last):
    return number.to_bytes(11, "big") + bytes([is_last])


def is_encrypted(file):
    """Whether a file that was just opened is one of these; it is read from its beginning afterwards."""
    head = file.read(len(MAGIC))
    file.seek(0)
    return head == MAGIC


def encrypted_size(size):
    return HEADER + size + TAG * max(1, -(-size // PIECE))


class Encrypting:
    """A file to write to, which writes to another one; whole once it is closed."""

    def __init__(self, file, text, salt):
        self.header = MAGIC + salt + os.urandom(SALT)
        self.cipher = AESGCM(subkey(text, salt, self.header))
        self.file, self.number, self.waiting = file, 0, bytearray()
        file.write(self.header)

    def write(self, data):
        self.waiting += data
        while len(self.waiting) > PIECE:
            self.put(bytes(self.waiting[:PIECE]))
            del self.waiting[:PIECE]
        return len(data)

    def put(self, piece, is_last=False):
        self.file.write(self.cipher.encrypt(nonce(self.number, is_last), piece, self.header))
        self.number += 1

    def flush(self):
        """Nothing to do before a piece is full."""

    def close(self):
        self.put(bytes(self.waiting), is_last=True)


class Decrypting:
    """A file to read from; whoever reads it to its end has read all of it, in order."""

    def __init__(self, file, text):
        self.header = file.read(HEADER)
        if not text:
            raise DecryptionError("It is encrypted: put the BACKUP_KEY with which it was made into .env.")
        self.cipher = AESGCM(subkey(text, self.header[len(MAGIC) : -SALT], self.header))
        self.file, self.number, self.ready = file, 0, bytearray()
        self.ahead = file.read(PIECE + TAG)
        self.is_over = False

    def read(self, size=-1):
        while not self.is_over and (size < 0 or len(self.ready) < size):
            self.ready += self.next_piece()
        size = len(self.ready) if size < 0 else size
        content = bytes(self.ready[:size])
        del self.ready[:size]
        return content

    def next_piece(self):
        piece, self.ahead = self.ahead, self.file.read(PIECE + TAG)
        self.is_over = not self.ahead
        try:
            content = self.cipher.decrypt(nonce(self.number, self.is_over), piece, self.header)
        except InvalidTag:
            raise DecryptionError("BACKUP_KEY is not the one with which it was made, or it is damaged.") from None
        self.number += 1
        return content
