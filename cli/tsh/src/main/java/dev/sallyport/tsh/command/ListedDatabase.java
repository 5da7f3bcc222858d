package dev.sallyport.tsh.command;

import dev.sallyport.control.DatabaseAccess;
import java.util.Optional;

/// A database, where it was found, and as whom it was chosen with `tsh db login`.
record ListedDatabase(
    String proxy, String cluster, DatabaseAccess access, Optional<String> chosenUser) {}
