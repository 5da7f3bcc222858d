package dev.sallyport.rules;

import java.net.URI;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;

/// A source file as the compiler's tree API wants it.
final class SourceUnit extends SimpleJavaFileObject {
  private final SourceFile file;

  SourceUnit(SourceFile file) {
    super(URI.create("tree:///" + file.path()), Kind.SOURCE);
    this.file = file;
  }

  /// The path of the file behind a compiler's unit; the compiler hands out wrappers, not units.
  static String path(JavaFileObject unit) {
    return unit.toUri().getPath().substring(1);
  }

  @Override
  public CharSequence getCharContent(boolean ignoreEncodingErrors) {
    return file.text();
  }
}
