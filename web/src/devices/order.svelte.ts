/** The order that a keyholder puts together on the page of devices. */
import type { Enrolment, Order, Revocation } from '../sign/order';

class OrderNow implements Order {
  enrol = $state.raw<Enrolment[]>([]);
  revoke = $state.raw<Revocation[]>([]);

  get empty(): boolean {
    return this.enrol.length + this.revoke.length === 0;
  }
  holdsKey(key: string): boolean {
    return this.enrol.some((one) => one.key === key);
  }
  holdsDevice(device: string): boolean {
    return this.revoke.some((one) => one.device === device);
  }
  addEnrolment(enrolment: Enrolment) {
    this.enrol = [...this.enrol.filter((one) => one.key !== enrolment.key), enrolment];
  }
  addRevocation(revocation: Revocation) {
    this.revoke = [...this.revoke.filter((one) => one.device !== revocation.device), revocation];
  }
  take(gone: Enrolment | Revocation) {
    this.enrol = this.enrol.filter((one) => one !== gone);
    this.revoke = this.revoke.filter((one) => one !== gone);
  }
  clear() {
    this.enrol = [];
    this.revoke = [];
  }
}

export const order = new OrderNow();
