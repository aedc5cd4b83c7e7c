import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';

/**
 * The table that counts what keys and teams have used, and keeps stored answers. On demand, so that it costs nothing at rest; encrypted, as every
 * table is, with a key of DynamoDB's own. It can be restored to any second of the last 35 days and outlives the stack,
 * for it holds what was spent.
 */
export class LimitsTable extends Construct {
  readonly tableArn: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const table = new Table(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: 'expiresAt',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.tableArn = table.tableArn;
  }
}
