/** The conversion: plan, copier, one image from source to judged target. */
@NullMarked
package io.diskwright.convert;

import org.jspecify.annotations.NullMarked;
