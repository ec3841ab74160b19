package io.diskwright.crypt;

/** By which number a sector was encrypted. */
public enum SectorNumbering {
  /** Its place in the file. */
  BY_FILE,
  /** Its place on the guest's disk. */
  BY_DISK
}
