import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Steps of `dist/assemble` that a shell does badly. Each writes the same bytes for the same input.
///
/// * `Package jars FROM TO PROCESSOR [NAMES]`: copies the jars (those that the file NAMES has),
///   without what this package can't use, and with the classes of picocli renewed. PROCESSOR is how
///   Java calls the one of Linux; with `none` a jar that has libraries in C after all ends the
///   build.
/// * `Package sbom MAVEN LOCK JDK RUNTIME TO`: adds the web app's libraries and the Java runtime to
///   the list of Maven.
/// * `Package part SBOM JARS TO`: of such a list, what is in the folder of jars.
/// * `Package licences SBOM JARS NODE_MODULES TEXTS TO`: what each part is licensed under, with its
///   text; a part without one ends the build.
final class Package {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  /// A signed jar is checked class by class at each start, and none of its classes can be in a
  /// cache. What vouches for a package are the checksums of the whole. The digests that a signature
  /// is about go with it: Java would read and keep 6,000 of them for BouncyCastle alone.
  private static final Pattern SIGNATURE = Pattern.compile("META-INF/[^/]*\\.(SF|RSA|DSA|EC)");

  /// Which parses every command line.
  private static final String OF_JAVA_5 = "picocli-";

  private static final String MANIFEST = JarFile.MANIFEST_NAME;
  private static final Pattern IN_C = Pattern.compile(".*\\.(so|dll|dylib|jnilib|a)");
  private static final Pattern LICENCE =
      Pattern.compile(
          "(META-INF/|META-INF/license/|about_files/)?(?i:(LICENSE|LICENCE|NOTICE|COPYING)[^/]*)");

  private Package() {}

  public static void main(String[] args) throws IOException {
    var paths = Arrays.stream(args).skip(1).map(Path::of).toList();
    switch (args[0]) {
      case "jars" -> new Jars(args[3]).copy(paths.get(0), paths.get(1), wanted(paths));
      case "sbom" -> sbom(paths);
      case "part" -> part(paths.get(0), paths.get(1), paths.get(2));
      case "licences" ->
          new Licences(paths.get(1), paths.get(2), paths.get(3), paths.get(4)).write(paths.get(0));
      default -> throw new IllegalArgumentException("jars, sbom, part or licences, not " + args[0]);
    }
  }

  private static List<Path> listed(Path folder, String ending) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(ending)).sorted().toList();
    }
  }

  // ---- jars

  private static Set<String> wanted(List<Path> paths) throws IOException {
    if (paths.size() > 3) {
      return Set.copyOf(Files.readAllLines(paths.get(3)));
    }
    return listed(paths.get(0), ".jar").stream()
        .map(jar -> String.valueOf(jar.getFileName()))
        .collect(Collectors.toSet());
  }

  private record Jars(String processor) {
    void copy(Path from, Path to, Set<String> names) throws IOException {
      Files.createDirectories(to);
      for (var name : new TreeSet<>(names)) {
        var jar = from.resolve(name);
        try (var opened = new ZipFile(jar.toFile())) {
          var entries = opened.stream().map(ZipEntry::getName).toList();
          if (processor.equals("none") && entries.stream().anyMatch(Jars::inC)) {
            throw new IllegalStateException(name + " has libraries for one system");
          }
          if (entries.stream().anyMatch(this::leftOut) || name.startsWith(OF_JAVA_5)) {
            copyChanged(opened, to.resolve(name));
          } else {
            Files.copy(jar, to.resolve(name));
          }
        }
      }
    }

    private static boolean inC(String entry) {
      return IN_C.matcher(entry).matches();
    }

    private static boolean isSignature(String entry) {
      return SIGNATURE.matcher(entry).matches();
    }

    private boolean leftOut(String entry) {
      return isSignature(entry)
          || entry.startsWith("org/sqlite/native/")
              && !entry.startsWith("org/sqlite/native/Linux/" + processor + "/");
    }

    private static boolean isClass(ZipEntry entry) {
      return entry.getName().endsWith(".class");
    }

    private void copyChanged(ZipFile from, Path to) throws IOException {
      boolean signed = from.stream().anyMatch(entry -> isSignature(entry.getName()));
      var oldClasses = new OldClasses(from);
      try (var out = new ZipOutputStream(Files.newOutputStream(to))) {
        for (var entry : Collections.list(from.entries())) {
          if (leftOut(entry.getName())) {
            continue;
          }
          byte[] content;
          try (InputStream in = from.getInputStream(entry)) {
            content = in.readAllBytes();
          }
          if (isClass(entry) && OldClasses.isOld(content)) {
            content = oldClasses.renewed(entry.getName(), content);
          } else if (signed && entry.getName().equals(MANIFEST)) {
            content = mainPart(content);
          }
          var copy = new ZipEntry(entry.getName());
          copy.setTimeLocal(entry.getTimeLocal());
          out.putNextEntry(copy);
          out.write(content);
          out.closeEntry();
        }
      }
    }

    /// A manifest without the digests of the jar's files, which are of no use without a signature.
    private static byte[] mainPart(byte[] manifest) throws IOException {
      var whole = new Manifest(new ByteArrayInputStream(manifest));
      whole.getEntries().clear();
      var out = new ByteArrayOutputStream();
      whole.write(out);
      return out.toByteArray();
    }
  }

  // ---- the list of parts

  private static void sbom(List<Path> paths) throws IOException {
    var bom = (ObjectNode) JSON.readTree(Files.readString(paths.get(0)));
    var parts = new ArrayList<ObjectNode>();
    bom.withArray("components").forEach(part -> parts.add((ObjectNode) part));
    parts.addAll(webLibraries(JSON.readTree(Files.readString(paths.get(1)))));
    var release = new ArrayList<>(Files.readAllLines(paths.get(2).resolve("release")));
    release.removeIf(line -> line.startsWith("MODULES="));
    release.addAll(Files.readAllLines(paths.get(3).resolve("release")));
    parts.add(javaRuntime(release));
    parts.sort(Comparator.comparing(part -> part.path("bom-ref").asString()));
    bom.putArray("components").addAll(parts);
    sortDependencies(bom);
    Files.writeString(paths.get(4), JSON.writeValueAsString(bom) + "\n");
  }

  private static void part(Path whole, Path jars, Path to) throws IOException {
    var bom = (ObjectNode) JSON.readTree(Files.readString(whole));
    var kept = new TreeSet<String>();
    var parts = new ArrayList<JsonNode>();
    for (var one : bom.path("components")) {
      var reference = one.path("bom-ref").asString();
      var name = one.path("name").asString() + "-" + one.path("version").asString();
      if (reference.startsWith("pkg:maven/")
          && !reference.contains("classifier=")
          && Files.exists(jars.resolve(name + ".jar"))) {
        parts.add(one);
        kept.add(reference);
      }
    }
    var count = listed(jars, ".jar").size();
    if (parts.size() != count) {
      throw new IllegalStateException(count + " jars, and " + parts.size() + " parts are known");
    }
    bom.putArray("components").addAll(parts);
    var dependencies = new ArrayList<JsonNode>();
    bom.path("dependencies").forEach(dependencies::add);
    var left = bom.putArray("dependencies");
    for (var one : dependencies) {
      if (kept.contains(one.path("ref").asString())) {
        var on = left.addObject().put("ref", one.path("ref").asString()).putArray("dependsOn");
        one.path("dependsOn")
            .valueStream()
            .map(JsonNode::asString)
            .filter(kept::contains)
            .forEach(on::add);
      }
    }
    Files.writeString(to, JSON.writeValueAsString(bom) + "\n");
  }

  /// Whatever `package-lock.json` names for more than the build. The bundler takes a part of it.
  private static List<ObjectNode> webLibraries(JsonNode lock) {
    var found = new TreeMap<String, ObjectNode>();
    for (var entry : lock.path("packages").properties()) {
      var at = entry.getKey();
      var about = entry.getValue();
      if (at.isEmpty() || about.path("dev").asBoolean(false)) {
        continue;
      }
      var name = at.substring(at.lastIndexOf("node_modules/") + "node_modules/".length());
      var version = about.path("version").asString();
      var reference = "pkg:npm/" + name.replace("@", "%40") + "@" + version;
      var part = part(reference, "library", name, version);
      var integrity = about.path("integrity").asString("");
      if (integrity.startsWith("sha512-")) {
        var hash = Base64.getDecoder().decode(integrity.substring("sha512-".length()));
        part.putArray("hashes")
            .addObject()
            .put("alg", "SHA-512")
            .put("content", HexFormat.of().formatHex(hash));
      }
      licence(part, about.path("license").asString());
      found.put(reference, part);
    }
    return List.copyOf(found.values());
  }

  private static ObjectNode javaRuntime(List<String> release) {
    var version = value(release, "JAVA_RUNTIME_VERSION");
    var part = part("java-runtime", "platform", "Java runtime", version);
    part.put(
        "description",
        value(release, "IMPLEMENTOR") + ", modules " + value(release, "MODULES").replace(' ', ','));
    licence(part, "GPL-2.0-with-classpath-exception");
    return part;
  }

  private static String value(List<String> release, String key) {
    return release.stream()
        .filter(line -> line.startsWith(key + "="))
        .map(line -> line.substring(key.length() + 1).replace("\"", ""))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no " + key + " in the runtime's release"));
  }

  private static ObjectNode part(String reference, String type, String name, String version) {
    var part = JSON.createObjectNode();
    part.put("type", type).put("bom-ref", reference).put("name", name).put("version", version);
    if (reference.startsWith("pkg:")) {
      part.put("purl", reference);
    }
    return part;
  }

  private static void licence(ObjectNode part, String id) {
    part.putArray("licenses").addObject().putObject("license").put("id", id);
  }

  /// Modules are built side by side, and the order in which they are seen varies.
  private static void sortDependencies(ObjectNode bom) {
    var all = new ArrayList<JsonNode>();
    bom.withArray("dependencies").forEach(all::add);
    all.sort(Comparator.comparing(one -> one.path("ref").asString()));
    ArrayNode sorted = bom.putArray("dependencies");
    for (var one : all) {
      var on = new TreeSet<String>();
      one.path("dependsOn").forEach(name -> on.add(name.asString()));
      var copy = sorted.addObject().put("ref", one.path("ref").asString());
      on.forEach(copy.putArray("dependsOn")::add);
    }
  }

  // ---- licences

  /// Gathers texts: those that a part brings along, else the one of `TEXTS` with the part's name,
  /// or with the name of its licence.
  private record Licences(Path jars, Path nodeModules, Path texts, Path to) {
    void write(Path sbom) throws IOException {
      var rows = new TreeMap<String, String>();
      for (var part : JSON.readTree(Files.readString(sbom)).path("components")) {
        var name = part.path("name").asString();
        var version = part.path("version").asString();
        var ids = ids(part);
        rows.put(
            name + " " + version,
            "%s %s\n    %s\n    %s\n"
                .formatted(name, version, ids, text(part, name, version, ids)));
      }
      Files.writeString(
          to.resolve("THIRD-PARTY.txt"),
          "What this package is made of, by name: version, licence, and where its text is.\n\n"
              + String.join("\n", rows.values()));
    }

    private String text(JsonNode part, String name, String version, String ids) throws IOException {
      var reference = part.path("bom-ref").asString();
      if (part.path("type").asString().equals("platform")) {
        return "runtime/legal";
      }
      if (part.path("group").asString("").equals("dev.sallyport")) {
        return "LICENSE";
      }
      var own = name.replace('/', '-') + "-" + version;
      var found =
          reference.startsWith("pkg:npm/")
              ? fromFolder(nodeModules.resolve(name))
              : fromJar(reference, own);
      if (found.isEmpty()) {
        return "licenses/" + standard(name, ids);
      }
      for (var entry : found.entrySet()) {
        var file = to.resolve(own).resolve(entry.getKey());
        Files.createDirectories(file.getParent());
        Files.write(file, entry.getValue());
      }
      return "licenses/" + own;
    }

    private Map<String, byte[]> fromFolder(Path folder) throws IOException {
      var found = new TreeMap<String, byte[]>();
      if (!Files.isDirectory(folder)) {
        return found;
      }
      try (Stream<Path> files = Files.list(folder)) {
        for (var file : files.filter(Files::isRegularFile).toList()) {
          if (LICENCE.matcher(file.getFileName().toString()).matches()) {
            found.put(file.getFileName().toString(), Files.readAllBytes(file));
          }
        }
      }
      return found;
    }

    private Map<String, byte[]> fromJar(String reference, String own) throws IOException {
      var classifier = reference.replaceAll(".*classifier=([^&]*).*|.*", "$1");
      var jar = jars.resolve(own + (classifier.isEmpty() ? "" : "-" + classifier) + ".jar");
      var found = new TreeMap<String, byte[]>();
      try (var opened = new ZipFile(jar.toFile())) {
        for (var entry : Collections.list(opened.entries())) {
          if (!entry.isDirectory() && LICENCE.matcher(entry.getName()).matches()) {
            try (InputStream content = opened.getInputStream(entry)) {
              var name = entry.getName();
              found.put(name.substring(name.lastIndexOf('/') + 1), content.readAllBytes());
            }
          }
        }
      }
      return found;
    }

    private String standard(String name, String ids) throws IOException {
      var candidates = new ArrayList<String>(List.of(name));
      candidates.addAll(List.of(ids.split(" or ")));
      for (var candidate : candidates) {
        var text = texts.resolve(candidate.replace('/', '-') + ".txt");
        if (Files.exists(text)) {
          Files.write(to.resolve(text.getFileName()), Files.readAllBytes(text));
          return text.getFileName().toString();
        }
      }
      throw new IllegalStateException(
          "no text of the licence of " + name + " (" + ids + "): put one into " + texts);
    }

    private static String ids(JsonNode part) {
      var ids = new ArrayList<String>();
      for (var one : part.path("licenses")) {
        var licence = one.path("license");
        ids.add(licence.path("id").asString(licence.path("name").asString("")));
      }
      if (ids.isEmpty() || ids.contains("")) {
        throw new UncheckedIOException(
            new IOException("no licence is told for " + part.path("bom-ref").asString()));
      }
      return String.join(" or ", ids);
    }
  }
}
