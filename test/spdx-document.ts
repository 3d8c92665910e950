/**
 * The parts of an SPDX 2.3 document that a bill of materials here has, with the rules of the
 * specification for them (https://spdx.github.io/spdx-spec/v2.3/, clauses 6 to 11): nothing else may
 * stand in it.
 */
import parse from 'spdx-expression-parse';
import * as v from 'valibot';

const id = v.pipe(v.string(), v.regex(/^SPDXRef-[A-Za-z0-9.-]+$/));
const licenceId = v.pipe(v.string(), v.regex(/^LicenseRef-[A-Za-z0-9.-]+$/));
/** A licence expression of annex D, with identifiers that SPDX's list has. */
const licence = v.pipe(
  v.string(),
  v.check((text) => {
    try {
      parse(text);
      return true;
    } catch {
      return false;
    }
  }, 'no licence expression'),
);

const packageOf = v.strictObject({
  SPDXID: id,
  name: v.pipe(v.string(), v.nonEmpty()),
  versionInfo: v.optional(v.pipe(v.string(), v.nonEmpty())),
  packageFileName: v.optional(v.string()),
  downloadLocation: v.union([
    v.literal('NOASSERTION'),
    v.pipe(
      v.string(),
      v.regex(/^https:\/\/registry\.npmjs\.org\/(@[\w-]+\/)?[\w.-]+\/-\/[\w.-]+\.tgz$/),
    ),
  ]),
  filesAnalyzed: v.literal(false),
  checksums: v.optional(
    v.array(
      v.variant('algorithm', [
        v.strictObject({
          algorithm: v.literal('SHA256'),
          checksumValue: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
        }),
        v.strictObject({
          algorithm: v.literal('SHA512'),
          checksumValue: v.pipe(v.string(), v.regex(/^[0-9a-f]{128}$/)),
        }),
      ]),
    ),
  ),
  licenseConcluded: licence,
  licenseDeclared: licence,
  licenseComments: v.optional(v.string()),
  copyrightText: v.literal('NOASSERTION'),
  comment: v.optional(v.string()),
  externalRefs: v.optional(
    v.array(
      v.strictObject({
        referenceCategory: v.literal('PACKAGE-MANAGER'),
        referenceType: v.literal('purl'),
        referenceLocator: v.pipe(v.string(), v.regex(/^pkg:npm\/(%40[\w-]+\/)?[\w.-]+@[\w.-]+$/)),
      }),
    ),
  ),
  primaryPackagePurpose: v.optional(v.literal('APPLICATION')),
});

export const spdxDocument = v.strictObject({
  spdxVersion: v.literal('SPDX-2.3'),
  dataLicense: v.literal('CC0-1.0'),
  SPDXID: v.literal('SPDXRef-DOCUMENT'),
  name: v.pipe(v.string(), v.nonEmpty()),
  documentNamespace: v.pipe(v.string(), v.regex(/^https:\/\/spdx\.org\/spdxdocs\/[\w.-]+$/)),
  creationInfo: v.strictObject({
    created: v.pipe(v.string(), v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)),
    creators: v.array(v.pipe(v.string(), v.regex(/^Tool: \S+-\S+$/))),
  }),
  packages: v.array(packageOf),
  relationships: v.array(
    v.strictObject({
      spdxElementId: id,
      relationshipType: v.picklist(['DESCRIBES', 'CONTAINS']),
      relatedSpdxElement: id,
    }),
  ),
  hasExtractedLicensingInfos: v.array(
    v.strictObject({
      licenseId: licenceId,
      name: v.string(),
      extractedText: v.pipe(v.string(), v.nonEmpty()),
    }),
  ),
});
