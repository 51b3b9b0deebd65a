// Package license knows the SPDX licence list and reads licence expressions by
// the grammar of SPDX: annex D of 2.3, annex "SPDX licence expressions" of 3.0.
//
// ids.txt has one id a line, with what it is: the licences and exceptions are those
// of spdx.schema.json and spdx.xsd, which all versions of CycloneDX share; what is
// deprecated, and the licences that are newer than these files, is from the npm
// package spdx-license-ids 3.0.24 (CC0-1.0).
//
// It imports nothing of the house: what writes documents and what checks them
// stand on it.
package license
