/** Rules about a Linux or BSD guest's own files. */
@NullMarked
package io.diskwright.validate.linux;

import org.jspecify.annotations.NullMarked;
