/**
 * Decrypting what images hold: LUKS1 headers and the key they protect, qcow's own AES, and the
 * sectors encrypted with either.
 */
@NullMarked
package io.diskwright.crypt;

import org.jspecify.annotations.NullMarked;
