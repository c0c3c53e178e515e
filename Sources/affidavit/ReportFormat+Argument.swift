public import ArgumentParser
public import Certificates
public import Reporting

extension ReportFormat: ExpressibleByArgument {}

extension KeyType: ExpressibleByArgument {}
