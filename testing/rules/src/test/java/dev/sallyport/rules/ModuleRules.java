package dev.sallyport.rules;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.concurrent.Future;

/// Who may see whom, under a root package: the product's own, or that of an example which breaks
/// the rules.
final class ModuleRules {
  private static final String[] INPUT_OUTPUT = {
    "java.net.http..", "java.nio.channels..", "java.sql..", "io.netty..", "org.slf4j.."
  };

  private final String root;

  ModuleRules(String root) {
    this.root = root;
  }

  List<ArchRule> all() {
    return List.of(
        modelKnowsOnlyTheJdk(),
        pureModulesDoNoInputOutput(),
        policySees(),
        netKnowsNoDomain(),
        awsKnowsNoDomain(),
        eventLoopsDoNotWait(),
        nettyStaysInItsModules(),
        proofsLiveInAgent(),
        onlyLauncherSeesServices("auth"),
        onlyLauncherSeesServices("proxy"),
        onlyLauncherSeesServices("agent"),
        commandLineSeesNoService(),
        shippedSeesNoTesting());
  }

  ArchRule modelKnowsOnlyTheJdk() {
    return classes()
        .that()
        .resideInAPackage(in("model"))
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(in("model"), "java..", "org.jspecify..")
        .because("everybody speaks of the nouns; what they need, everybody would carry");
  }

  ArchRule pureModulesDoNoInputOutput() {
    return noClasses()
        .that()
        .resideInAnyPackage(in("model"), in("policy"), in("sigv4"), in("dynamodb"))
        .should()
        .dependOnClassesThat(
            JavaClass.Predicates.resideInAnyPackage(INPUT_OUTPUT)
                .or(
                    anyOf(
                        "java.io.File",
                        "java.io.FileInputStream",
                        "java.io.FileOutputStream",
                        "java.nio.file.Files",
                        "java.net.Socket",
                        "java.net.ServerSocket",
                        "java.net.URLConnection")))
        .because("these are pure: take bytes, text and instants as arguments instead");
  }

  ArchRule policySees() {
    return noClasses()
        .that()
        .resideInAPackage(in("policy"))
        .should()
        .dependOnClassesThat(
            JavaClass.Predicates.resideInAPackage(root + "..")
                .and(
                    DescribedPredicate.not(
                        JavaClass.Predicates.resideInAnyPackage(in("policy"), in("model"))))
                .and(
                    DescribedPredicate.not(
                        JavaClass.Predicates.simpleNameStartingWith("Verified"))))
        .because("a decision needs the nouns and a verified identity; hand anything else in");
  }

  ArchRule netKnowsNoDomain() {
    return noClasses()
        .that()
        .resideInAPackage(in("net"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            in("dynamodb"), in("sigv4"), in("policy"), in("resources"), in("audit"), in("control"))
        .because(
            "net moves bytes; take a function or a plain value where the domain must be asked");
  }

  ArchRule awsKnowsNoDomain() {
    return noClasses()
        .that()
        .resideInAPackage(in("aws"))
        .should()
        .dependOnClassesThat(
            JavaClass.Predicates.resideInAPackage(root + "..")
                .and(
                    DescribedPredicate.not(
                        JavaClass.Predicates.resideInAnyPackage(in("aws"), in("pki")))))
        .because(
            "every service may have credentials of its own; what they are for stays with whoever"
                + " uses them");
  }

  ArchRule eventLoopsDoNotWait() {
    var waits =
        new DescribedPredicate<JavaMethodCall>("wait for a future") {
          @Override
          public boolean test(JavaMethodCall call) {
            return call.getTargetOwner().isAssignableTo(Future.class)
                && List.of("get", "join", "await", "sync").contains(call.getName());
          }
        };
    return noClasses()
        .that()
        .resideInAPackage(in("net"))
        .should()
        .callMethodWhere(waits)
        .because("a waiting event loop stops every connection on it; add a listener");
  }

  ArchRule nettyStaysInItsModules() {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .and()
        .resideOutsideOfPackages(
            in("net"), in("proxy"), in("agent"), in("tsh"), in("testkit"), in("e2e"), in("bench"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.netty..")
        .because("Netty is for the data's way; use java.net.http or ask net for what is missing");
  }

  ArchRule proofsLiveInAgent() {
    return classes()
        .that()
        .haveSimpleName("PermittedSigner")
        .or()
        .haveSimpleName("SignedRequest")
        .should()
        .resideInAPackage(in("agent"))
        .because("only the agent turns a permit into a signature");
  }

  ArchRule onlyLauncherSeesServices(String service) {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .and()
        .resideOutsideOfPackages(in(service), in("launcher"), in("testkit"), in("e2e"), in("bench"))
        .should()
        .dependOnClassesThat()
        .resideInAPackage(in(service))
        .because("services may run on different hosts; talk through control-api, wire in launcher");
  }

  ArchRule commandLineSeesNoService() {
    return noClasses()
        .that()
        .resideInAnyPackage(in("tsh"), in("tctl"), in("console"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(in("auth"), in("proxy"), in("agent"), in("launcher"), in("store"))
        .because("the command line is a client; go through control-api");
  }

  ArchRule shippedSeesNoTesting() {
    return noClasses()
        .that()
        .resideInAPackage(root + "..")
        .and()
        .resideOutsideOfPackages(in("testkit"), in("e2e"), in("bench"), in("rules"))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            in("testkit"),
            in("e2e"),
            in("bench"),
            "org.junit..",
            "org.assertj..",
            "org.awaitility..")
        .because("test code in the product is a door; move it to testkit");
  }

  private String in(String module) {
    return root + "." + module + "..";
  }

  private static DescribedPredicate<JavaClass> anyOf(String... names) {
    return new DescribedPredicate<>("one of " + List.of(names)) {
      @Override
      public boolean test(JavaClass type) {
        return List.of(names).contains(type.getName());
      }
    };
  }
}
