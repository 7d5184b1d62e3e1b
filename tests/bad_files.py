"""Files that are made to do harm, or to be found in any large folder; made by hand, as small as they can be."""

import struct
import zlib

GIB = 1024**3


def zip_bomb() -> bytes:
    """A ZIP archive of ten megabytes with one file, "b.txt", that unpacks to ten gigabytes of zeros and says so."""
    pack = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join(pack.compress(bytes(2**20)) for _ in range(64)) + pack.flush(zlib.Z_FULL_FLUSH)
    packed *= 160  # 64 MiB of zeros, 160 times
    head = struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 45, 0, 8, 0, 33, 0, len(packed), 2**32 - 1, 5, 0)
    extra = struct.pack("<HHQ", 1, 8, 10 * GIB)
    entry = struct.pack(
        "<4sHHHHHHIIIHHHHHII",
        b"PK\1\2", 45, 45, 0, 8, 0, 33, 0, len(packed), 2**32 - 1, 5, len(extra), 0, 0, 0, 0, 0,
    )  # fmt: skip
    body = head + b"b.txt" + packed
    central = entry + b"b.txt" + extra
    return body + central + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, 1, 1, len(central), len(body), 0)
