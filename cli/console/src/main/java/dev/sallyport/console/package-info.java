/// What the two commands have in common: the process around a command as arguments, errors as users
/// see them, tables and documents on the terminal, addresses of Proxies. It knows no command.
@NullMarked
package dev.sallyport.console;

import org.jspecify.annotations.NullMarked;
