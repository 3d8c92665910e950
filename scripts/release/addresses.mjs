// Where people find the source, help and each other: fields of package.json, and nowhere else.

const fields = {
  repository: 'the source, to which links and pictures of the marketplace’s page then lead',
  bugs: 'where problems are reported',
  homepage: 'the page of the extension',
  qna: 'where questions are asked: an address, "marketplace" or false',
};

/**
 * @param {Record<string, unknown>} manifest package.json.
 * @returns {readonly string[]} A sentence for each address that is not filled in.
 */
export const missingAddresses = (manifest) =>
  Object.entries(fields)
    .filter(([field]) => manifest[field] === undefined || manifest[field] === '')
    .map(([field, purpose]) => `package.json has no “${field}” (${purpose}).`);
