/** The command line: arguments in, rendering out, exit code. */
@NullMarked
package io.diskwright.cli;

import org.jspecify.annotations.NullMarked;
