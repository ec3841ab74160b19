/** Archives that wrap a disk image: tar, zip, and either with an OVF descriptor in it (an OVA). */
@NullMarked
package io.diskwright.source.archive;

import org.jspecify.annotations.NullMarked;
