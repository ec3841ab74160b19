/**
 * Compressed streams around an image, recognised by content: read forward, and at random where a
 * file is made of pieces that can be decoded alone.
 */
@NullMarked
package io.diskwright.source.compressed;

import org.jspecify.annotations.NullMarked;
