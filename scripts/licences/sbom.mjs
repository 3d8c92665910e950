// A bill of materials of a package, in SPDX 2.3's JSON form (https://spdx.github.io/spdx-spec/v2.3/).
import { createHash } from 'node:crypto';

/**
 * @param {string} target Such as `linux-x64`.
 * @param {readonly import('./components.mjs').Component[]} components
 * @param {{ name: string, version: string, license: string }} manifest package.json's.
 * @param {{ file: string, sha256: string, created: Date }} made The package's file name, its
 *   SHA-256 in hexadecimal digits, and when it was made.
 * @returns {object} The SPDX document.
 */
export function sbom(target, components, manifest, { file, sha256, created }) {
  const root = {
    ...described(`${manifest.name}-${target}`, manifest.name, manifest.version, manifest.license),
    packageFileName: file,
    checksums: [{ algorithm: 'SHA256', checksumValue: sha256 }],
    primaryPackagePurpose: 'APPLICATION',
  };
  const parts = components.map(({ name, version, licence, about, lacking, purl, archive }) => ({
    ...described(name, name, version, licence),
    ...(archive !== undefined && {
      downloadLocation: archive.address,
      checksums: [{ algorithm: 'SHA512', checksumValue: archive.sha512 }],
    }),
    ...(about !== undefined && { comment: about }),
    ...(lacking !== undefined && { licenseComments: lacking }),
    ...(purl !== undefined && {
      externalRefs: [
        { referenceCategory: 'PACKAGE-MANAGER', referenceType: 'purl', referenceLocator: purl },
      ],
    }),
  }));
  return {
    spdxVersion: 'SPDX-2.3',
    dataLicense: 'CC0-1.0',
    SPDXID: 'SPDXRef-DOCUMENT',
    name: `${manifest.name}-${target}-${manifest.version}`,
    documentNamespace: `https://spdx.org/spdxdocs/${manifest.name}-${target}-${manifest.version}-${sha256}`,
    creationInfo: {
      created: created.toISOString().replace(/\.\d+Z$/, 'Z'),
      creators: [`Tool: ${manifest.name}-${manifest.version}`],
    },
    packages: [root, ...parts],
    relationships: [
      related('SPDXRef-DOCUMENT', 'DESCRIBES', root.SPDXID),
      ...parts.map(({ SPDXID }) => related(root.SPDXID, 'CONTAINS', SPDXID)),
    ],
    hasExtractedLicensingInfos: ownLicences(components),
  };
}

function described(id, name, version, licence) {
  return {
    SPDXID: `SPDXRef-Package-${identifier(id)}`,
    name,
    ...(version !== '' && { versionInfo: version }),
    downloadLocation: 'NOASSERTION',
    filesAnalyzed: false,
    licenseConcluded: licence,
    licenseDeclared: licence,
    copyrightText: 'NOASSERTION',
  };
}

const related = (spdxElementId, relationshipType, relatedSpdxElement) => ({
  spdxElementId,
  relationshipType,
  relatedSpdxElement,
});

/** Letters, digits, dots and hyphens are what SPDX allows; what differs stays different. */
function identifier(name) {
  const plain = name.replace(/[^\w.]+|_/g, '-').replace(/^-|-$/g, '');
  return plain === name
    ? name
    : `${plain}-${createHash('sha256').update(name).digest('hex').slice(0, 6)}`;
}

/** Licences that SPDX's list has not, with their texts. */
function ownLicences(components) {
  return components.flatMap(({ name, licence, texts, lacking }) =>
    (licence.match(/LicenseRef-[\w.-]+/g) ?? []).map((licenseId) => ({
      licenseId,
      name: `Licence of ${name}`,
      extractedText: texts.length === 0 ? lacking : texts.join('\n\n'),
    })),
  );
}
