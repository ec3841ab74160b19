#!/usr/bin/env python3
"""Makes and alters the files behind native-test-images. Standard library only.

stamp.py islands FILE SIZE START:LENGTH...   a sparse file, every sector of the islands stamped with its number
stamp.py bytes FILE LENGTH SEED              the same pseudo-random bytes for one seed, hard to compress
stamp.py vhd-footer FILE KEY=VALUE...        alters VHD footers (all copies) and their checksums:
                                             creator=TEXT type=N current-size=N original-size=N geometry=C/H/S id=N
stamp.py parallels-old FILE                  makes a Parallels image one of the older kind, whose table counts sectors
stamp.py extents FROM TO LINE...             the VMDK descriptor FROM with other extent lines, as TO
stamp.py lines FROM TO crlf|loose            a VMDK descriptor with CRLF ends, or with odd case, spaces and comments
"""
import hashlib
import struct
import sys

SECTOR = 512


def islands(path, size, *parts):
    with open(path, "wb") as file:
        file.truncate(int(size))
        for part in parts:
            start, length = map(int, part.split(":"))
            file.seek(start)
            for at in range(start, start + length, SECTOR):
                stamp = f"sector {at // SECTOR:08d} ".encode() * (SECTOR // 16)
                file.write(stamp[: min(SECTOR, start + length - at)])


def pseudo_random(path, length, seed):
    left = int(length)
    with open(path, "wb") as file:
        number = 0
        while left > 0:
            block = hashlib.sha512(f"{seed} {number}".encode()).digest()[:left]
            file.write(block)
            left -= len(block)
            number += 1


def vhd_footer(path, *changes):
    fields = {"creator": (28, "4s"), "original-size": (40, ">Q"), "current-size": (48, ">Q"),
              "type": (60, ">I"), "geometry": (56, ">HBB"), "id": (68, "16s")}
    with open(path, "r+b") as file:
        end = file.seek(0, 2)
        for at in (0, end - SECTOR):
            file.seek(at)
            footer = bytearray(file.read(SECTOR))
            if footer[:8] != b"conectix":
                continue
            for change in changes:
                key, value = change.split("=", 1)
                offset, form = fields[key]
                if key == "creator":
                    values = [value.encode().ljust(4, b"\0")]
                elif key == "id":
                    values = [int(value).to_bytes(16, "big")]
                else:
                    values = [int(number) for number in value.split("/")]
                struct.pack_into(form, footer, offset, *values)
            footer[24:28] = bytes(4)  # made at midnight, 2000-01-01: the same file every time
            footer[64:68] = bytes(4)
            struct.pack_into(">I", footer, 64, ~sum(footer) & 0xFFFFFFFF)
            file.seek(at)
            file.write(footer)


def parallels_old(path):
    with open(path, "r+b") as file:
        head = file.read(64)
        tracks, entries = struct.unpack_from("<II", head, 28)
        table = struct.unpack(f"<{entries}I", file.read(4 * entries))
        file.seek(0)
        file.write(b"WithoutFreeSpace")
        file.seek(64)
        file.write(struct.pack(f"<{entries}I", *(entry * tracks for entry in table)))


def extents(source, target, *lines):
    kept, placed = [], False
    with open(source, encoding="utf-8") as file:
        for line in file.read().splitlines():
            if line.split(" ")[0] in ("RW", "RDONLY", "NOACCESS"):
                if not placed:
                    kept += lines
                    placed = True
            else:
                kept.append(line)
    with open(target, "w", encoding="utf-8") as file:
        file.write("\n".join(kept) + "\n")


def relined(source, target, style):
    with open(source, encoding="utf-8") as file:
        lines = file.read().splitlines()
    if style == "crlf":
        text = "\r\n".join(lines) + "\r\n"
    else:
        loose = ["# Disk DescriptorFile", "# a comment before the version", ""]
        for line in lines[1:]:
            key, equals, value = line.partition("=")
            loose.append(f"{key.strip().upper()} = {value.strip()}" if equals and '"' not in key else line)
        text = "\n".join(loose) + "\n\n"
    with open(target, "w", encoding="utf-8", newline="") as file:
        file.write(text)


VERBS = {"islands": islands, "bytes": pseudo_random, "vhd-footer": vhd_footer,
         "parallels-old": parallels_old, "extents": extents, "lines": relined}

if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[1] not in VERBS:
        sys.exit(__doc__)
    VERBS[sys.argv[1]](*sys.argv[2:])
