import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.util.zip.ZipFile;

/// Classes of a jar in the form of Java 5 or older, written in that of Java 8: the same code, with
/// the maps of the stack that the older form lacks. Java takes no older class over from a cache,
/// and checks each at every start in its slow way; picocli is made of them.
final class OldClasses {
  private static final int FIRST_WITH_MAPS = ClassFile.JAVA_6_VERSION;

  private final ZipFile jar;
  private final ClassFile files;

  OldClasses(ZipFile jar) {
    this.jar = jar;
    this.files =
        ClassFile.of(
            ClassFile.ClassHierarchyResolverOption.of(
                ClassHierarchyResolver.ofResourceParsing(this::ofTheJar)
                    .orElse(ClassHierarchyResolver.defaultResolver())
                    .cached()),
            ClassFile.StackMapsOption.GENERATE_STACK_MAPS);
  }

  private InputStream ofTheJar(ClassDesc type) {
    var name = type.descriptorString();
    var entry = jar.getEntry(name.substring(1, name.length() - 1) + ".class");
    try {
      return entry == null ? null : jar.getInputStream(entry);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Whether these bytes of a class are in the older form.
  static boolean isOld(byte[] head) {
    return ((head[6] & 0xff) << 8 | head[7] & 0xff) < FIRST_WITH_MAPS;
  }

  /// The class in the newer form.
  byte[] renewed(String name, byte[] old) {
    var renewed =
        files.transformClass(
            files.parse(old),
            ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL)
                .andThen((to, element) -> {
                  if (element instanceof ClassFileVersion) {
                    to.withVersion(ClassFile.JAVA_8_VERSION, 0);
                  } else {
                    to.with(element);
                  }
                }));
    var faults = files.verify(renewed);
    if (!faults.isEmpty()) {
      throw new IllegalStateException(name + " was not written anew as it should be: " + faults);
    }
    return renewed;
  }
}
