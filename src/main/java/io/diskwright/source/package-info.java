/** What the user named, opened for reading, and the gate through which references are opened. */
@NullMarked
package io.diskwright.source;

import org.jspecify.annotations.NullMarked;
