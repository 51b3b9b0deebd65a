// Validates documents with the strict validator of @cyclonedx/cyclonedx-library:
// NODE_PATH=.../node_modules node strict.js FILE... ; version from the content.
const fs = require('fs')
const { Validation } = require('@cyclonedx/cyclonedx-library')
async function main (files) {
  let bad = 0
  for (const file of files) {
    const text = fs.readFileSync(file, 'utf8')
    const fault = await new Validation.JsonStrictValidator(JSON.parse(text).specVersion).validate(text)
    if (fault !== null) {
      bad++
      console.error(file, JSON.stringify(fault).slice(0, 2000))
    }
  }
  console.log(`${files.length - bad} of ${files.length} valid`)
  process.exitCode = bad ? 1 : 0
}
main(process.argv.slice(2)).catch(e => { console.error(e); process.exitCode = 2 })
